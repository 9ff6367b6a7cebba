"""Facts and judgements on records: who plays what, what a guard answers, what a signature covers. Nothing is written."""
