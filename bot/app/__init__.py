"""Where the parts meet: settings in, everything that the program is made of out."""
