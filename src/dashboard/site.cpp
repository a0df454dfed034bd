#include "dashboard/site.hpp"

#include "dashboard/password.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <utility>

namespace stresskit::dashboard {
namespace {

struct MediaType {
  std::string_view ending;
  std::string_view type;
};
constexpr std::array<MediaType, 4> media_types{{{".html", "text/html; charset=utf-8"},
                                                {".css", "text/css; charset=utf-8"},
                                                {".js", "text/javascript; charset=utf-8"},
                                                {".txt", "text/plain; charset=utf-8"}}};

bool same_tag(const std::string& if_none_match, const std::string& tag) {
  return !tag.empty() &&
         (if_none_match == "*" || if_none_match.find('"' + tag + '"') != std::string::npos);
}

bool belongs_to_page(std::string_view path) {
  return path.starts_with("/css/") || path.starts_with("/js/") || path.starts_with("/vendor/");
}

}  // namespace

Site::Site(config::Dashboard settings, const std::filesystem::path& data_folder,
           const std::filesystem::path& web_folder, WhoRuns who_runs, support::Clock& clock)
    : password_(settings.password),
      web_(web_folder),
      api_(std::move(settings), data_folder, std::move(who_runs), clock),
      clock_(clock) {}

Answer Site::answer(const Request& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    return error_answer(405, "only GET and HEAD are answered here");
  }
  if (!may_see(request)) {
    return error_answer(401, "the password of this dashboard is wanted, under any user name");
  }
  Answer answer = find(request);
  answer.now = support::unix_seconds(clock_.wall());
  if (answer.status == 200 && same_tag(request.if_none_match, answer.tag)) {
    answer.status = 304;
    answer.type.clear();
    answer.body.clear();
    answer.packed.clear();
  }
  return answer;
}

bool Site::may_see(const Request& request) const {
  // Whether it is alive may be asked by all, as a container's engine does.
  return password_.empty() || request.path == "/healthz" ||
         holds_password(request.authorization, password_);
}

Answer Site::find(const Request& request) {
  const std::string_view path = request.path;
  if (path == "/") {
    return page_file("index.html");
  }
  if (belongs_to_page(path)) {
    return page_file(path.substr(1));
  }
  if (path == "/healthz") {
    return json_answer({{"status", "ok"}});
  }
  if (auto answer = api_.answer(request)) {
    return std::move(*answer);
  }
  return error_answer(404, "there is nothing under this path");
}

Answer Site::page_file(std::string_view path) {
  for (const MediaType& known : media_types) {
    if (!path.ends_with(known.ending)) {
      continue;
    }
    const auto file = web_.open(path);
    if (const auto kept = page_.find(path);
        file && kept != page_.end() && kept->second.tag == file->tag()) {
      return kept->second;
    }
    auto contents = file.and_then([](const PublishedFile& open) { return open.contents(); });
    if (!contents) {
      return contents.error().missing
                 ? error_answer(404, "the page has no such file")
                 : error_answer(500, "the page's file cannot be read: " + contents.error().reason);
    }
    Answer answer{.type = std::string(known.type),
                  .body = std::move(*contents),
                  .tag = file->tag(),
                  .changes_often = false};
    pack(answer);
    return page_[std::string(path)] = std::move(answer);
  }
  return error_answer(404, "the page has no such file");
}

}  // namespace stresskit::dashboard
