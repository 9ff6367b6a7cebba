"""Letters that are treated apart from the others, by name."""

# Letters whose link stands for a password, and what is kept of their text once they were sent.
WITH_SECRET = frozenset(
    {
        "invitation", "password_reset", "nomination_begun", "nomination_link", "nomination_sent",
        "nomination_returned", "nomination_redirected", "nomination_withdrawn", "seconder_asked", "seconder_declined",
        "consent_asked", "award_given", "award_news", "nomination_feedback", "nomination_thanks",
    }
)  # fmt: skip
SECRET_SENT = "This letter was sent. Its link is not kept."  # noqa: S105 (no secret, but what stands in its place)

# Letters whose matter is counted in hours: no letter of the day holds them back.
AT_ONCE = frozenset({"immediate_risk", "risk_reminder", "risk_escalated", "seat_withdrawn", "interest_declared"})
