#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace stresskit::metrics {

/// A row of `server.ndjson`: something the server said of itself.
struct ServerRow {
  double unix_s = 0;                           ///< when it was read, by our clock
  std::string source;                          ///< "usage", "queue", "system", "prometheus"
  double lag_s = 0;                            ///< how much older than that the figures may be
  std::optional<std::int64_t> server_ts_ms{};  ///< the server's own time of them
  std::string queue{};                         ///< only of source "queue"
  std::map<std::string, double> figures{};     ///< docs/formats.md names them
};

/// The row as a line of `server.ndjson`.
[[nodiscard]] std::string server_line(const ServerRow& row);

/// What the server said of itself over a run; what it did not say is missing.
struct ServerSide {
  /// By how much the tenant's usage counters grew between two readings. Other traffic of the tenant
  /// is in it, and so is what an earlier run did in the minute before the first reading.
  struct Usage {
    double first_at = 0;  ///< unix seconds, our clock
    double last_at = 0;
    double lag_s = 0;
    std::uint64_t transport_messages = 0;  ///< accepted by the queue: they had their PUBACK
    std::uint64_t transport_points = 0;
    std::uint64_t storage_points = 0;  ///< each as often as it has days to live, at least once
  };
  /// Sums over the rows that the rule-engine queues wrote during the run, one a minute and queue.
  struct Queues {
    std::uint64_t rows = 0;
    std::uint64_t total = 0;
    std::uint64_t successful = 0;
    std::uint64_t failed = 0;            ///< given up in a rule node
    std::uint64_t timed_out = 0;         ///< not done within 2 s: stored late, or lost
    std::optional<double> trouble_at{};  ///< when the first row with such messages was read
  };
  struct Machine {
    double cpu_percent = 0;  ///< the highest seen
    double memory_percent = 0;
  };
  /// From the Prometheus endpoint: growth since the first reading.
  struct Live {
    double processed = 0;
    double timed_out = 0;
    double failed = 0;
    double most_unanswered = 0;    ///< handed to the queue and not confirmed: PUBACKs that wait
    double most_unprocessed = 0;   ///< in the queue, not yet taken by the rule engine
    double most_rows_waiting = 0;  ///< handed to the database writers and not written
  };

  std::optional<Usage> usage;
  std::optional<Queues> queues;
  std::optional<Machine> machine;
  std::optional<Live> live;
};

/// Makes a `ServerSide` of the rows, in the order of time: of a run that goes on as of its archive.
///
/// Threads: none.
class ServerWatch {
 public:
  void note(const ServerRow& row);
  [[nodiscard]] const ServerSide& figures() const { return figures_; }

 private:
  void note_usage(const ServerRow& row);
  void note_queue(const ServerRow& row);
  void note_machine(const ServerRow& row);
  void note_live(const ServerRow& row);

  ServerSide figures_;
  std::optional<ServerRow> last_usage_;
  std::optional<ServerRow> first_live_;
};

}  // namespace stresskit::metrics
