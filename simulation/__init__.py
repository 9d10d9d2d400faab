"""A seeded simulated trial: deliveries from every site, and the truth beside them.

What belongs here: whole simulated subjects, the forms their sites would send, the defects planted in
them, and the record of all that. What does not: any derivation of the trial (an endpoint, a dosing
status, a finding); the warehouse has to find those from the deliveries alone.
"""

from simulation.trial import LAST_DELIVERY, SimulatedTrial, simulate

__all__ = ["LAST_DELIVERY", "SimulatedTrial", "simulate"]
