"""Text as documents hold it: blocks, sentences, words, numbers, dates, passages."""
