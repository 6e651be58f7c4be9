"""From what Git says to what cluster and registry are: the difference, the steps, and doing them.

world = World(KafkaCluster(kafka), registry)                          # ports, cluster
made = make_plan(project, world, today=date.today())                  # planning
if not made.refused:
    apply_plan(saved(made), world, report=print)                      # saved, applying
findings = find_drift(project, world)                                 # drift

Nothing is kept beside Git: each time, what the files say is compared with what is there. Nothing is imported here: the
catalogue of rules opens this door, and needs no client of Kafka.
"""
