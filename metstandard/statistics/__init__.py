"""What the marks can bear: agreement, severity, intervals, probabilities. Pure: arrays in, figures out, no database.

Nothing here decides anything. Figures go to the programme office and to moderators as information, never as a score.
"""
