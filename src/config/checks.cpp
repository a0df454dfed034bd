#include "checks.hpp"

#include "stresskit/support/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace stresskit::config {

using support::failure;
using support::Result;

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

Result<void> check_port(std::string_view text) {
  unsigned port = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, port);
  if (error != std::errc() || rest != end || port < 1 || port > 65'535) {
    return failure(fmt::format("has the port {}: it must be 1 to 65535", in_quotes(text)));
  }
  return {};
}

bool is_ipv6(std::string_view text) {
  return std::count(text.begin(), text.end(), ':') >= 2 &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

bool is_host_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '.' || c == '_';
  });
}

/// "host", "host:port", "[::1]", "[::1]:port".
Result<void> check_authority(std::string_view text) {
  std::string_view host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos || !is_ipv6(text.substr(1, close - 1))) {
      return failure(fmt::format("has {}, which is no IPv6 address in brackets", in_quotes(text)));
    }
    port = text.substr(close + 1);
  } else if (is_ipv6(text)) {
    return failure(fmt::format("has an IPv6 address without brackets: write [{}]", text));
  } else {
    host = text.substr(0, text.find(':'));
    port = text.substr(host.size());
    if (!is_host_name(host)) {
      return failure(host.empty() ? "has no host name"
                                  : fmt::format("has {}, which is no host name", in_quotes(host)));
    }
  }
  if (port.empty()) {
    return {};
  }
  return port.front() == ':' ? check_port(port.substr(1))
                             : failure(fmt::format("has {} after the host", in_quotes(port)));
}

std::string lower(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return small;
}

}  // namespace

std::string in_quotes(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string out = "\"";
  while (!text.empty() && out.size() < longest) {
    const auto next = support::first_code_point(text);
    const std::string_view character = text.substr(0, next ? next->bytes : 1);
    if (next && !is_control(next->value)) {
      out += character;
    } else {
      for (const char c : character) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
      }
    }
    text.remove_prefix(character.size());
  }
  return out + (text.empty() ? "\"" : "...\"");
}

Result<void> check_text(std::string_view text) {
  while (!text.empty()) {
    const auto next = support::first_code_point(text);
    if (!next) {
      return failure("is not valid UTF-8");
    }
    if (is_control(next->value)) {
      return failure("contains a control character");
    }
    text.remove_prefix(next->bytes);
  }
  return {};
}

Result<std::string> check_url(std::string_view text) {
  // Asked first: whatever else is wrong, what stands before an @ may be a password and is not
  // shown.
  if (text.find('@') != std::string_view::npos) {
    return failure("must not hold a user name or password: use TB_USERNAME and TB_PASSWORD");
  }
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) {
    return failure(fmt::format(
        "must begin with http:// or https://, not {}; did you mean {}?", in_quotes(text),
        in_quotes(fmt::format("http://{}",
                              text.substr(std::min(text.find_first_not_of('/'), text.size()))))));
  }
  const std::string scheme = lower(text.substr(0, colon));
  if (scheme != "http" && scheme != "https") {
    return failure(fmt::format("must begin with http:// or https://, not {}", in_quotes(text)));
  }
  if (text.find_first_of("?#") != std::string_view::npos) {
    return failure(fmt::format("must not have a query or fragment (? or #): {}", in_quotes(text)));
  }
  std::string_view rest = text.substr(colon + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  if (const auto authority = check_authority(rest.substr(0, slash)); !authority) {
    return failure(authority.error());
  }
  const std::string_view path = rest.substr(slash);
  if (!check_text(path) || path.find_first_of(" \"<>\\^`{|}") != std::string_view::npos) {
    return failure(fmt::format("has a character in its path that must be written as %..: {}",
                               in_quotes(path)));
  }
  while (rest.ends_with('/')) {
    rest.remove_suffix(1);
  }
  return fmt::format("{}://{}", scheme, rest);
}

Result<std::string> check_host(std::string_view text) {
  if (text.find('/') != std::string_view::npos) {
    return failure(fmt::format(
        "must be a host name or address alone, without scheme and path, not {}", in_quotes(text)));
  }
  if (text.starts_with('[') && text.ends_with(']') && is_ipv6(text.substr(1, text.size() - 2))) {
    return std::string(text.substr(1, text.size() - 2));
  }
  if (is_ipv6(text) || is_host_name(text)) {
    return std::string(text);
  }
  if (text.find(':') != std::string_view::npos) {
    return failure(
        fmt::format("must be a host name or address alone; the port has a key of its own: {}",
                    in_quotes(text)));
  }
  return failure(fmt::format("must be a host name or address, not {}", in_quotes(text)));
}

Result<void> check_uuid(std::string_view text) {
  constexpr std::string_view shape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  const bool right = text.size() == shape.size() &&
                     std::equal(text.begin(), text.end(), shape.begin(),
                                [](char c, char s) { return s == '-' ? c == '-' : is_hex(c); });
  return right ? Result<void>{}
               : failure(fmt::format(
                     "must be an id such as 784f394c-42b6-435a-983c-b7beff2784f9, not {}",
                     in_quotes(text)));
}

}  // namespace stresskit::config
