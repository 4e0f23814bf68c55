"""What people look at: in the terminal now; the page later."""
