"""How well questions are answered from a knowledge: recall, refusal, speed, on files that somebody names."""
