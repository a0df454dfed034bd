#include "stresskit/metrics/growing_file.hpp"

#include "stresskit/support/error.hpp"
#include "stresskit/support/log.hpp"

#include <utility>

namespace stresskit::metrics {

GrowingFile::GrowingFile(std::filesystem::path path) : path_(std::move(path)) {}

void GrowingFile::require(std::string_view header) {
  if (const auto made = write(header); !made) {
    throw support::Error(support::ExitCode::usage, made.error());
  }
}

bool GrowingFile::append(std::string_view rows) {
  if (rows.empty()) {
    return true;
  }
  const auto written = write(rows);
  if (!written && !failing_) {
    support::warn("{}; rows are lost until that is over", written.error());
  } else if (written && failing_) {
    support::info("{} is written again; the rows in between are lost", path_.string());
  }
  failing_ = !written;
  intact_ = intact_ && written;
  return written.has_value();
}

support::Result<void> GrowingFile::write(std::string_view rows) {
  if (!file_) {
    auto opened = support::AppendFile::open(path_);
    if (!opened) {
      return support::failure(opened.error());
    }
    file_ = std::move(*opened);
  }
  return file_->append(rows);
}

}  // namespace stresskit::metrics
