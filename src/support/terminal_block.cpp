#include "stresskit/support/terminal_block.hpp"

#include "stresskit/support/log.hpp"
#include "stresskit/support/print.hpp"

#include <sys/ioctl.h>

namespace stresskit::support {

namespace {

std::size_t columns_of(std::FILE* out) {
  winsize size{};
  const bool known = ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

TerminalBlock::TerminalBlock(std::FILE* out) : out_(out) {
  before_log_lines([this] { erase(); });
}

TerminalBlock::~TerminalBlock() {
  before_log_lines(nullptr);
}

void TerminalBlock::draw(const std::vector<std::string>& lines) {
  // One column less: a terminal that wraps in its last column would make two lines of one.
  const std::size_t columns = columns_of(out_) - 1;
  const std::lock_guard lock(mutex_);
  erase_locked();
  for (const std::string& line : lines) {
    support::print(out_, "{}\n", cut_to(line, columns));
  }
  std::fflush(out_);
  height_ = lines.size();
}

void TerminalBlock::erase() {
  const std::lock_guard lock(mutex_);
  erase_locked();
  std::fflush(out_);
}

/// Up to the block's first line, and everything below away.
void TerminalBlock::erase_locked() {
  if (height_ > 0) {
    support::print(out_, "\033[{}A\r\033[J", height_);
    height_ = 0;
  }
}

std::string cut_to(const std::string& text, std::size_t columns) {
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    const bool continues = (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U;
    if (!continues && seen++ == columns) {
      break;
    }
  }
  return text.substr(0, end);
}

}  // namespace stresskit::support
