"""What makes a printed PDF fit to be kept and to be read aloud: the pass over WeasyPrint's output."""
