"""Articles from the web: fetched without letting an address lead into this network.

The line is address, connection, fetch, robots, feed, gather; each imports only from earlier ones.
"""
