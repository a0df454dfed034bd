// The text of a server's Prometheus endpoint, or of whatever else answers there.
#include "stresskit/thingsboard/prometheus.hpp"

#include "fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(
      stresskit::thingsboard::read_prometheus({reinterpret_cast<const char*>(data), size}));
  return 0;
}
