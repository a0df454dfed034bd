#include "stresskit/metrics/growing_file.hpp"

#include "metrics/trouble.hpp"

#include "stresskit/support/error.hpp"

#include <utility>

namespace stresskit::metrics {

GrowingFile::GrowingFile(std::filesystem::path path) : path_(std::move(path)) {}

void GrowingFile::require(std::string_view header) {
  if (const auto made = write(header); !made) {
    throw support::Error(support::ExitCode::usage, made.error());
  }
}

void GrowingFile::append(std::string_view rows) {
  if (!rows.empty()) {
    intact_ = !report_trouble(write(rows), !intact_, path_);
  }
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
