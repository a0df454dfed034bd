#include "stresskit/provision/delete_by_prefix.hpp"
#include "stresskit/support/print.hpp"

#include <cstdio>
#include <poll.h>
#include <unistd.h>

namespace stresskit::provision {

bool ask_on_terminal(const std::string& question, std::stop_token stop) {
  constexpr int look_every_ms = 100;
  support::print(stderr, "{} [y/N] ", question);
  std::fflush(stderr);
  // Read in portions: a blocked read would keep Ctrl+C waiting for the return key.
  while (!stop.stop_requested()) {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, look_every_ms) <= 0) {
      continue;
    }
    char answer[128];  // a terminal hands over a line at a time
    const ssize_t bytes = ::read(STDIN_FILENO, answer, sizeof answer);
    return bytes > 0 && (answer[0] == 'y' || answer[0] == 'Y');
  }
  support::print(stderr, "\n");
  return false;
}

}  // namespace stresskit::provision
