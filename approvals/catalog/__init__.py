"""What can be asked for, and on what terms: the catalogue, the projects, and the files that say so."""
