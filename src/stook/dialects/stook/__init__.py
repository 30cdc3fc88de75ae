"""Stook's own API, which its page uses: /api/stook/v1."""
