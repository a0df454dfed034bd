#include "dashboard/growing_file.hpp"

#include <fmt/format.h>

#include <utility>

namespace stresskit::dashboard {

Growth GrowingFile::look(const PublishedFolder& folder) {
  const auto file = folder.open(relative_);
  if (!file) {
    return {.problem = file.error()};
  }
  Growth growth;
  if (file->identity() != identity_ || file->size() < offset_) {
    growth.is_new = true;
    identity_ = file->identity();
    offset_ = 0;
  }
  if (file->size() > offset_) {
    take(*file, growth);
  }
  growth.tag = fmt::format("{}.{:x}", file->tag(), offset_);
  return growth;
}

void GrowingFile::take(const PublishedFile& file, Growth& growth) {
  auto text = file.portion(offset_, portion_);
  if (!text) {
    growth.problem = std::move(text.error());
    return;
  }
  growth.more = text->size() == portion_;
  if (const std::size_t end = text->rfind('\n'); end != std::string::npos) {
    text->resize(end + 1);
  } else if (!growth.more) {
    return;
  }
  // A line longer than any of ours is taken in parts, none of which will be a row.
  offset_ += text->size();
  growth.lines = std::move(*text);
}

}  // namespace stresskit::dashboard
