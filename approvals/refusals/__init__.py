"""Every reason to say no to a person, a class each, by what it is about; handlers/refusals has their sentences."""
