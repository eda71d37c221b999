"""The running platform: a supervisor, its web workers and its jobs runner."""
