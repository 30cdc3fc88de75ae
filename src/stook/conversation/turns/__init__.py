"""Turns while they run: journal, runner, queue, saving."""
