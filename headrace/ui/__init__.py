"""The page: a server of what a store holds, its answers as JSON, and the files of the page itself."""
