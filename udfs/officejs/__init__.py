"""What Excel loads from the server: the functions, their descriptions, the manifest and the task pane."""
