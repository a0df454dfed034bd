// The head of a request to the dashboard, as it came over the wire: always one whole answer, if it
// has a body with the headers that protect the page, and never a secret of the data directory in
// it.
#include "dashboard/http_codec.hpp"
#include "dashboard/site.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "support/run_archive.hpp"

namespace {

using namespace stresskit;

constexpr std::string_view secret = "token-that-nobody-may-see";

struct Served {
  Served() {
    std::filesystem::create_directories(fuzz::scratch() / "web");
    fuzz::write(fuzz::scratch() / "web" / "index.html", "<!doctype html>");
    fuzz::write(fuzz::scratch() / "tokens.json", secret);
    fuzz::write(fuzz::scratch() / "devices.csv", secret);
    test::write_archive(fuzz::scratch() / "runs", {});
  }
  dashboard::Site site{{.host = "127.0.0.1", .port = 0, .refresh = std::chrono::seconds(1)},
                       fuzz::scratch(),
                       fuzz::scratch() / "web",
                       [] { return std::nullopt; },
                       support::real_clock()};
  dashboard::HttpCodec codec{[this](const auto& request) { return site.answer(request); }};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Served served;
  const std::string head(reinterpret_cast<const char*>(data), size);
  const std::string bytes = served.codec.answer(head + "\r\n\r\n").bytes;
  fuzz::require(bytes.starts_with("HTTP/1.1 "), "an answer has a status line");
  const std::size_t end = bytes.find("\r\n\r\n");
  fuzz::require(end != std::string::npos, "and an end of its headers");
  for (const char* header : {"\r\nContent-Security-Policy: ", "\r\nX-Content-Type-Options: nosniff",
                             "\r\nReferrer-Policy: no-referrer"}) {
    fuzz::require(end + 4 == bytes.size() || bytes.find(header) < end,
                  "an answer with a body protects the page");
  }
  fuzz::require(bytes.find(secret) == std::string::npos, "no token leaves the data directory");
  return 0;
}
