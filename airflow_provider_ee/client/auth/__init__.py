"""Who asks: from settings to google-auth credentials, from credentials to a token on every request."""
