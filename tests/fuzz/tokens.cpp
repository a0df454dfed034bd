// tokens.json: devices that can be used, or a sentence that quotes no token.
#include "stresskit/fleet/tokens.hpp"

#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stresskit;
  using fuzz::require;
  const auto path = fuzz::scratch() / "tokens.json";
  fuzz::write(path, {reinterpret_cast<const char*>(data), size});

  const auto devices = fleet::read_tokens(path);
  if (!devices) {
    require(devices.error().find(path.string()) != std::string::npos, "an error names the file");
    return 0;
  }
  require(!devices->empty(), "a fleet has devices");
  for (const auto& device : *devices) {
    require(!device.name.empty() && !device.token.empty(), "a device has a name and a token");
  }
  require(fleet::write_tokens(path, *devices).has_value(), "what was read can be written");
  const auto again = fleet::read_tokens(path);
  require(again && again->size() == devices->size(), "and read again");
  return 0;
}
