#include "html/style.hpp"
#include "text.hpp"
#include "words.hpp"

#include "stresskit/report/comparison.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>

namespace stresskit::report {

namespace {

using Judgement = ComparedFigure::Judgement;
using Out = std::back_insert_iterator<std::string>;

std::string value(const ComparedFigure& figure, double number) {
  if (figure.judgement == Judgement::too_few) {
    return "-";
  }
  return figure.is_ratio ? percent(number) : ms(number);
}

std::string signed_value(const ComparedFigure& figure, double number) {
  return figure.is_ratio ? fmt::format("{:+.3f} pp", number * 100)
                         : fmt::format("{}{}", number < 0 ? "" : "+", ms(number));
}

std::string interval(const ComparedFigure& figure) {
  return figure.judgement == Judgement::too_few
             ? "-"
             : fmt::format("{} to {}", signed_value(figure, figure.difference.low),
                           signed_value(figure, figure.difference.high));
}

std::string headline(const Comparison& c) {
  if (!c.comparable()) {
    return fmt::format("{} cannot be compared with {}: {} and {} bursts say too little", c.run_b,
                       c.run_a, c.figures[0].bursts_b, c.figures[0].bursts_a);
  }
  return fmt::format("{} is {} {}", c.run_b, c.worse() ? "worse than" : "not worse than", c.run_a);
}

bool is_good(const Comparison& c) {
  return c.comparable() && !c.worse();
}

std::string_view sign(Judgement judgement) {
  return judgement == Judgement::worse ? "✗" : judgement == Judgement::better ? "✓" : "=";
}

}  // namespace

std::string console(const Comparison& c) {
  std::string text = headline(c) + "\n";
  const Out out = std::back_inserter(text);
  fmt::format_to(out, "{:<14} {:>14} {:>14}  {:<28} {}\n", "", "a", "b", "b - a, 99 % sure",
                 "b is");
  for (const ComparedFigure& figure : c.figures) {
    fmt::format_to(out, "{:<14} {:>14} {:>14}  {:<28} {}\n", figure.name, value(figure, figure.a),
                   value(figure, figure.b), interval(figure), to_string(figure.judgement));
  }
  fmt::format_to(out, "a: {}, {} bursts; b: {}, {} bursts\n", c.run_a, c.figures[0].bursts_a,
                 c.run_b, c.figures[0].bursts_b);
  for (const auto& [key, in_a, in_b] : c.settings) {
    const auto shown = [](const std::string& in) { return in.empty() ? "unset" : clean(in); };
    fmt::format_to(out, "differs   {}: {} | {}\n", clean(key), shown(in_a), shown(in_b));
  }
  for (const std::string& note : c.notes) {
    fmt::format_to(out, "note      {}\n", clean(note));
  }
  return text;
}

std::string markdown(const Comparison& c) {
  std::string text =
      fmt::format("### {} {}\n\n| | {} | {} | difference, 99 % sure | |\n|---|---|---|---|---|\n",
                  is_good(c) ? "✓" : "✗", markdown_cell(headline(c)), markdown_cell(c.run_a),
                  markdown_cell(c.run_b));
  const Out out = std::back_inserter(text);
  for (const ComparedFigure& figure : c.figures) {
    fmt::format_to(out, "| {} | {} | {} | {} | {} {} |\n", figure.name, value(figure, figure.a),
                   value(figure, figure.b), interval(figure), sign(figure.judgement),
                   to_string(figure.judgement));
  }
  if (!c.settings.empty()) {
    fmt::format_to(out, "\n| setting that differs | {} | {} |\n|---|---|---|\n",
                   markdown_cell(c.run_a), markdown_cell(c.run_b));
  }
  for (const auto& [key, in_a, in_b] : c.settings) {
    fmt::format_to(out, "| {} | {} | {} |\n", markdown_cell(key), markdown_cell(in_a),
                   markdown_cell(in_b));
  }
  for (const std::string& note : c.notes) {
    fmt::format_to(out, "\n> note: {}\n", markdown_cell(note));
  }
  return text;
}

std::string html(const Comparison& c) {
  std::string text = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>{}</title><style>{}</style></head>\n"
      "<body><main><h1>Two telemetry stress runs</h1><p class=\"meta\">by burst, warm-up left out"
      "</p><section class=\"verdict {}\"><b>{} {}</b></section>\n",
      escaped(headline(c)), style, is_good(c) ? "good" : "bad", is_good(c) ? "✓" : "✗",
      escaped(headline(c)));
  const Out out = std::back_inserter(text);
  fmt::format_to(out,
                 "<h2>Figures</h2><div class=\"scroll\"><table><thead><tr><th></th><th class=\"n\">"
                 "{}</th><th class=\"n\">{}</th><th class=\"n\">difference, 99 % sure</th><th></th>"
                 "</tr></thead><tbody>",
                 escaped(c.run_a), escaped(c.run_b));
  for (const ComparedFigure& figure : c.figures) {
    const std::string_view tone = figure.judgement == Judgement::worse    ? "bad"
                                  : figure.judgement == Judgement::better ? "good"
                                                                          : "";
    fmt::format_to(out,
                   "<tr><th>{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}"
                   "</td><td class=\"state {}\">{} {}</td></tr>",
                   figure.name, value(figure, figure.a), value(figure, figure.b), interval(figure),
                   tone, sign(figure.judgement), to_string(figure.judgement));
  }
  fmt::format_to(out, "</tbody></table></div>\n");
  if (!c.settings.empty()) {
    fmt::format_to(out, "<h2>Settings that differ</h2><div class=\"scroll\"><table><tbody>");
    for (const auto& [key, in_a, in_b] : c.settings) {
      fmt::format_to(out, "<tr><th><code>{}</code></th><td>{}</td><td>{}</td></tr>", escaped(key),
                     escaped(in_a), escaped(in_b));
    }
    fmt::format_to(out, "</tbody></table></div>\n");
  }
  if (!c.notes.empty()) {
    fmt::format_to(out, "<section class=\"gaps\"><ul>");
    for (const std::string& note : c.notes) {
      fmt::format_to(out, "<li>{}</li>", escaped(note));
    }
    fmt::format_to(out, "</ul></section>\n");
  }
  return text + "</main></body></html>\n";
}

std::string json(const Comparison& c) {
  using Json = nlohmann::ordered_json;
  Json figures = Json::array();
  for (const ComparedFigure& figure : c.figures) {
    figures.push_back({{"name", figure.name},
                       {"unit", figure.is_ratio ? "ratio" : "ms"},
                       {"a", figure.a},
                       {"b", figure.b},
                       {"difference_low", figure.difference.low},
                       {"difference_high", figure.difference.high},
                       {"bursts_a", figure.bursts_a},
                       {"bursts_b", figure.bursts_b},
                       {"judgement", to_string(figure.judgement)}});
  }
  Json settings = Json::object();
  for (const auto& [key, in_a, in_b] : c.settings) {
    settings[key] = {in_a, in_b};
  }
  return Json{{"schema_version", 1},          {"run_a", c.run_a},   {"run_b", c.run_b},
              {"comparable", c.comparable()}, {"worse", c.worse()}, {"figures", figures},
              {"settings", settings},         {"notes", c.notes}}
             .dump(-1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace stresskit::report
