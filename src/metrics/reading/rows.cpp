#include "rows.hpp"

#include "stresskit/support/files.hpp"

#include <fmt/format.h>

namespace stresskit::metrics {

namespace {

constexpr std::size_t named = 3;

}  // namespace

std::optional<std::string> read_whole(const std::filesystem::path& file, Gaps& gaps) {
  const std::string name = file.filename().string();
  std::error_code in_the_type;
  const auto type = std::filesystem::status(file, in_the_type).type();
  if (type == std::filesystem::file_type::not_found) {
    gaps.push_back(fmt::format("{} is missing", name));
    return std::nullopt;
  }
  if (type != std::filesystem::file_type::regular) {  // a pipe would be waited for
    gaps.push_back(fmt::format("{} is no file that can be read", name));
    return std::nullopt;
  }
  auto text = support::read_file(file);
  if (!text) {
    gaps.push_back(text.error());
    return std::nullopt;
  }
  if (text->empty()) {
    gaps.push_back(fmt::format("{} is empty", name));
    return std::nullopt;
  }
  return std::move(*text);
}

std::string read_rows(const std::filesystem::path& file, Gaps& gaps) {
  std::string text = read_whole(file, gaps).value_or("");
  if (!text.empty() && text.back() != '\n') {
    const std::size_t end = text.rfind('\n');
    text.resize(end == std::string::npos ? 0 : end + 1);
    gaps.push_back(fmt::format("{}: the last row is torn and left out", file.filename().string()));
  }
  return text;
}

void BadRows::add(std::size_t row) {
  ++count_;
  if (first_.size() < named) {
    first_.push_back(row);
  }
}

void BadRows::report(const std::filesystem::path& file, Gaps& gaps) const {
  if (count_ == 0) {
    return;
  }
  const std::string more =
      count_ > first_.size() ? fmt::format(" and {} more", count_ - first_.size()) : "";
  gaps.push_back(fmt::format("{}: row{} {}{} cannot be read", file.filename().string(),
                             count_ == 1 ? "" : "s", fmt::join(first_, ", "), more));
}

void for_each_row(const std::filesystem::path& file, Gaps& gaps,
                  const std::function<bool(std::string_view)>& take) {
  const std::string text = read_rows(file, gaps);
  BadRows bad;
  std::size_t number = 1;
  for (std::string_view rest = text; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    if (!take(rest.substr(0, end))) {
      bad.add(number);
    }
    rest.remove_prefix(end + 1);
  }
  bad.report(file, gaps);
}

}  // namespace stresskit::metrics
