#include "password_input.hpp"

#include <cerrno>
#include <poll.h>
#include <system_error>
#include <unistd.h>

namespace stresskit::config {

namespace {

constexpr std::size_t longest = 4'096;
constexpr int patience_ms = 60'000;

}  // namespace

support::Result<std::string> read_password(int descriptor) {
  if (::isatty(descriptor) == 1) {
    return support::failure(
        "standard input is a terminal, which would show the password: hand it over from a file or "
        "a program, as in `--password-stdin < file`");
  }
  std::string line;
  while (line.size() <= longest) {
    pollfd waiting{descriptor, POLLIN, 0};
    if (::poll(&waiting, 1, patience_ms) == 0) {
      return support::failure("nothing came on standard input for 60 s");
    }
    // Byte by byte: what stands behind the line is not ours.
    char byte = 0;
    const ssize_t got = ::read(descriptor, &byte, 1);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return support::failure("cannot read standard input: " +
                              std::generic_category().message(errno));
    }
    if (got == 0 || byte == '\n') {
      if (line.ends_with('\r')) {
        line.pop_back();
      }
      return line;
    }
    line += byte;
  }
  return support::failure("the first line of standard input is too long for a password");
}

}  // namespace stresskit::config
