#include "stresskit/support/progress.hpp"

#include "stresskit/support/format.hpp"
#include "stresskit/support/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace stresskit::support {

namespace {

using namespace std::chrono_literals;

constexpr auto redraw_every = 100ms;
constexpr auto plain_line_every = 5s;
constexpr std::size_t bar_width = 30;

}  // namespace

bool is_terminal(std::FILE* file) {
  return ::isatty(::fileno(file)) == 1;
}

bool use_color(std::FILE* file) {
  const char* const no_color = std::getenv("NO_COLOR");
  return is_terminal(file) && (no_color == nullptr || *no_color == '\0');
}

Progress::Progress(std::string label, std::string unit, std::uint64_t total, Clock& clock,
                   std::FILE* out)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      clock_(clock),
      out_(out),
      terminal_(is_terminal(out)),
      started_(clock.now()),
      next_draw_(started_) {}

Progress::~Progress() {
  if (terminal_ && drawn_ && !finished_) {
    support::print(out_, "\n");
  }
}

void Progress::update(std::uint64_t done) {
  const auto now = clock_.now();
  if (finished_ || now < next_draw_) {
    return;
  }
  next_draw_ = now + (terminal_ ? Mono::duration(redraw_every) : Mono::duration(plain_line_every));
  draw(done, false);
}

void Progress::finish(std::uint64_t done) {
  if (!finished_) {
    draw(done, true);
    finished_ = true;
  }
}

void Progress::draw(std::uint64_t done, bool last) {
  const double elapsed = to_seconds(clock_.now() - started_);
  const double rate = elapsed > 0 ? static_cast<double>(done) / elapsed : 0;
  std::string status = fmt::format("{}: {} of {} {}, {:.0f}/s", label_, done, total_, unit_, rate);
  if (!last && rate > 0 && done < total_) {
    status += fmt::format(", {} left",
                          format_duration(from_seconds(static_cast<double>(total_ - done) / rate)));
  }
  if (terminal_) {
    const std::size_t filled =
        total_ == 0 ? bar_width : std::min<std::size_t>(bar_width, done * bar_width / total_);
    support::print(out_, "\r\033[K[{:#<{}}{:.<{}}] {}{}", "", filled, "", bar_width - filled,
                   status, last ? "\n" : "");
  } else {
    support::print(out_, "{}\n", status);
  }
  std::fflush(out_);
  drawn_ = true;
}

}  // namespace stresskit::support
