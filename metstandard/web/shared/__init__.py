"""What every door of the web uses: pages, fields, forms, errors, headers, navigation, sessions, access."""
