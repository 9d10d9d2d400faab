"""A delivery loaded for trial, in a temporary warehouse that is deleted afterwards: what `mrbs register check` shows.

    delivery      which delivery is looked at: the latest in the landing folder, another one, any folder
    earlier       what counted before it, brought back from the archive so that the gates judge as a load would
    temporary     the temporary landing folder, register and warehouse
    answers       what became of each file, read from the temporary warehouse
    whole_load    the whole nightly load there: rows kept out, open findings
    check         all of it in order
    listing       the register itself, a line per site

Values come back, nothing is printed. Of the real warehouse only the published database, the archive and the decisions
are read; its lock is not taken, so a running load is neither waited for nor disturbed.
"""
