# Who may include whom: the table of the house. A folder's own files are always allowed; `*` is everything.
# One line a folder: folder | what it may include (root-relative folders) | may it include Qt?
set(include_rules
  "monitor/core    |                                                              | no-qt"
  "monitor/metrics | monitor/core                                                 | no-qt"
  "monitor/pg      | monitor/core                                                 | no-qt"
  "monitor/pool    | monitor/core monitor/pg                                      | no-qt"
  "monitor/promql  | monitor/core monitor/metrics monitor/series                  | no-qt"
  "monitor/series  | monitor/core monitor/metrics                                 | no-qt"
  "monitor/collect | monitor/core monitor/metrics monitor/pg monitor/pool         | no-qt"
  "monitor/advise  | monitor/core monitor/metrics                                 | no-qt"
  "monitor/gotext  | monitor/core monitor/metrics monitor/promql                  | no-qt"
  "monitor/alert   | monitor/core monitor/metrics monitor/promql monitor/series monitor/gotext | no-qt"
  "monitor/notify  | monitor/core monitor/metrics monitor/gotext                  | no-qt"
  "monitor/export  | monitor/core monitor/metrics monitor/promql monitor/series   | no-qt"
  "monitor/load    | monitor/core monitor/metrics monitor/pg monitor/pool         | no-qt"
  "monitor/store   | monitor/core monitor/metrics monitor/series                  | qt"
  "monitor/respond | monitor/core monitor/metrics                                 | no-qt"
  "monitor/net     | monitor/core monitor/metrics monitor/series                  | qt"
  "monitor/engine  | monitor                                                      | qt"
  "models          | monitor/core monitor/metrics                                 | qt"
  "widgets         | models monitor/core monitor/metrics                          | qt"
  "app             | *                                                            | qt"
)
