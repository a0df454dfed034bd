// Addresses and names that a user types: taken as they are meant, or refused in printable words.
#include "config/checks.hpp"
#include "fuzz/fuzz.hpp"

namespace {

using stresskit::fuzz::require;

bool printable(const std::string& text) {
  return stresskit::config::check_text(text).has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace stresskit::config;
  const std::string_view text(reinterpret_cast<const char*>(data), size);

  const auto url = check_url(text);
  if (url) {
    require(check_url(*url) == url, "a checked URL is one");
    require(url->find('@') == std::string::npos, "a checked URL holds no password");
    require(printable(*url), "a checked URL is printable");
  } else {
    require(printable(url.error()), "a refusal is printable");
  }
  const auto host = check_host(text);
  require(host ? check_host(*host) == host : printable(host.error()), "a checked host is one");
  const auto prefix = check_prefix(text);
  require(prefix || printable(prefix.error()), "a refusal is printable");
  if (!check_uuid(text)) {
    require(printable(check_uuid(text).error()), "a refusal is printable");
  }
  return 0;
}
