// devices.csv: rows that read the same once written, or a sentence.
#include "stresskit/fleet/devices_csv.hpp"

#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"

#include <algorithm>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stresskit;
  using fuzz::require;
  const auto path = fuzz::scratch() / "devices.csv";
  fuzz::write(path, {reinterpret_cast<const char*>(data), size});

  const auto rows = fleet::read_devices_csv(path);
  if (!rows) {
    require(rows.error().find(path.string()) != std::string::npos, "an error names the file");
    return 0;
  }
  require(fleet::write_devices_csv(path, *rows).has_value(), "what was read can be written");
  const auto again = fleet::read_devices_csv(path);
  const auto same = [](const fleet::DeviceRow& a, const fleet::DeviceRow& b) {
    return a.device_id == b.device_id && a.name == b.name && a.label == b.label &&
           a.access_token == b.access_token;
  };
  require(again && std::equal(rows->begin(), rows->end(), again->begin(), again->end(), same),
          "what was written reads the same");
  return 0;
}
