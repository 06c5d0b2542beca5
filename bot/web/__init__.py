"""What the API and the page both stand on; nothing here imports either."""
