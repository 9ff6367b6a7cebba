"""Facts and judgements on records: who plays what, what guards answer, what signatures cover. It writes nothing."""
