#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace stresskit::sandbox {

/// One page of a list, as the platform asks for it.
struct PageQuery {
  std::size_t page_size = 10;
  std::size_t page = 0;
  std::string text_search;
  std::string sort_property;  ///< empty: by id
  bool descending = false;
};

template <class T>
struct Page {
  std::vector<T> data;
  std::size_t total = 0;
  std::size_t pages = 0;
  bool has_next = false;
};

/// The asked-for page of `all`, which is filtered and sorted already.
template <class T>
[[nodiscard]] Page<T> cut_page(const std::vector<T>& all, const PageQuery& query) {
  Page<T> page;
  page.total = all.size();
  page.pages = (all.size() + query.page_size - 1) / query.page_size;
  if (query.page >= page.pages) return page;
  const std::size_t first = query.page * query.page_size;
  const std::size_t last = std::min(all.size(), first + query.page_size);
  page.data.assign(all.begin() + static_cast<std::ptrdiff_t>(first),
                   all.begin() + static_cast<std::ptrdiff_t>(last));
  page.has_next = query.page + 1 < page.pages;
  return page;
}

/// PostgreSQL's `text ILIKE '%' || pattern || '%'`: contains, whatever the case, where `%` stands
/// for any run of characters, `_` for any single one, and a backslash takes either literally. An
/// empty pattern matches everything.
[[nodiscard]] bool contains_like(std::string_view text, std::string_view pattern);

/// The same for `text ILIKE pattern || '%'`: starts with.
[[nodiscard]] bool starts_with_like(std::string_view text, std::string_view pattern);

}  // namespace stresskit::sandbox
