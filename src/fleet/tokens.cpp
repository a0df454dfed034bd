#include "stresskit/fleet/tokens.hpp"

#include "stresskit/support/files.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace stresskit::fleet {

namespace {

using nlohmann::json;

// A text in MQTT has at most 65,535 bytes (MQTT 3.1.1, section 1.5.3); the client id holds the
// name.
constexpr std::size_t longest_token = 65'535;
constexpr std::size_t longest_name = 65'000;

constexpr std::string_view way_out = "run `provision` to write it anew";

tl::unexpected<std::string> broken(const std::filesystem::path& path, std::string_view what) {
  return support::failure(fmt::format("{} {}; {}", path.string(), what, way_out));
}

/// The parser's own message is not used: it quotes the text near the error, which may be a token.
support::Result<json> parse(const std::filesystem::path& path, const std::string& text) {
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return broken(path, "is empty");
  }
  try {
    return json::parse(text);
  } catch (const json::parse_error& error) {
    if (error.byte > text.size()) {
      return broken(path, "ends in the middle");
    }
    return broken(path, fmt::format("is not JSON (byte {})", error.byte));
  } catch (const json::out_of_range&) {
    return broken(path, "holds a number that no computer can hold");
  }
}

}  // namespace

support::Result<std::vector<Device>> read_tokens(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored) && !ignored) {
    return support::failure(fmt::format("{} does not exist; run `provision` first", path.string()));
  }
  const support::Result<std::string> text = support::read_file(path);
  if (!text) {
    return support::failure(text.error());
  }
  const support::Result<json> document = parse(path, *text);
  if (!document) {
    return support::failure(document.error());
  }
  if (!document->is_object()) {
    return broken(path, fmt::format("holds an {} instead of one object {{name: token}}",
                                    document->is_array() ? "array" : "unexpected value"));
  }
  std::vector<Device> devices;
  devices.reserve(document->size());
  for (const auto& [name, token] : document->items()) {
    if (name.empty() || !token.is_string() || token.get_ref<const std::string&>().empty()) {
      return broken(path, fmt::format("has no token for \"{}\": a text was expected", name));
    }
    if (name.size() > longest_name || token.get_ref<const std::string&>().size() > longest_token) {
      return broken(path,
                    fmt::format("holds a name or a token that is too long for MQTT (\"{}...\")",
                                name.substr(0, 40)));
    }
    devices.push_back({name, token.get<std::string>()});
  }
  if (devices.empty()) {
    return broken(path, "holds no device");
  }
  std::sort(devices.begin(), devices.end(),
            [](const Device& a, const Device& b) { return name_less(a.name, b.name); });
  return devices;
}

support::Result<void> write_tokens(const std::filesystem::path& path,
                                   const std::vector<Device>& devices) {
  const auto text = [](const std::string& value) {
    return json(value).dump(-1, ' ', false, json::error_handler_t::replace);
  };
  std::string out = "{";
  std::string_view separator = "\n";
  for (const Device& device : devices) {
    out += fmt::format("{}  {}: {}", separator, text(device.name), text(device.token));
    separator = ",\n";
  }
  out += devices.empty() ? "}\n" : "\n}\n";
  return support::replace_file(path, out, 0600);
}

}  // namespace stresskit::fleet
