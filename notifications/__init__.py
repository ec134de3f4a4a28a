"""Messages out and receipts in. Knows addresses, channels and providers; knows no child and no discussion."""
