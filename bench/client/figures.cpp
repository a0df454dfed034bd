#include "client/figures.hpp"

#include <nlohmann/json.hpp>

namespace bench {

std::string to_json(const ClientFigures& figures) {
  const nlohmann::json json{{"connect_ms", figures.connect_ms},
                            {"due_ns", figures.due_ns},
                            {"spread_ms", figures.spread_ms},
                            {"lateness_ms", figures.lateness_ms},
                            {"burst_ack_p99_ms", figures.burst_ack_p99_ms},
                            {"ack_p50_ms", figures.ack_p50_ms},
                            {"ack_p99_ms", figures.ack_p99_ms},
                            {"sent", figures.sent},
                            {"acknowledged", figures.acknowledged},
                            {"skipped", figures.skipped},
                            {"cpu_seconds", figures.cpu_seconds},
                            {"worker_cpu_seconds", figures.worker_cpu_seconds},
                            {"memory_bytes", figures.memory_bytes},
                            {"descriptors", figures.descriptors}};
  return json.dump();
}

}  // namespace bench
