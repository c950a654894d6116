# make check and its kin: unit tests, end-to-end tests, fuzzing, static checks.
