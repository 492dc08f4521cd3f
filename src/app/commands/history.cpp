// evaluate history: what triage would have made of alerts that people have closed already.

#include "eval/history.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>

#include "app/commands/commands.h"
#include "base/json_writer.h"
#include "detect/scan/unpacked_file.h"

namespace tocsin::app {
namespace {

constexpr int kBadUsage = 2;
constexpr std::size_t kMostRows = 2'000'000;

Error write_error(const std::string& file) {
  return error(ErrorKind::kUnavailable, "write rejects", "cannot write", {}, file);
}

// The rejected rows as JSON lines, for who wants to mend them.
class RejectsFile {
 public:
  static Result<RejectsFile> open(const std::string& name) {
    RejectsFile made(name);
    if (name.empty()) return made;
    made.file_.reset(std::fopen(name.c_str(), "we"));
    if (made.file_ == nullptr) return write_error(name);
    return made;
  }

  Result<void> write(const std::string& file, const ingest::HistoryRejection& rejection) {
    if (file_ == nullptr) return {};
    std::string line;
    JsonWriter json(line);
    json.object([&] {
      json.member("file", file);
      json.member("line", rejection.line);
      json.member("column", rejection.column);
      json.member("reason", rejection.reason);
      json.member("row", rejection.fragment);
    });
    line += '\n';
    if (std::fwrite(line.data(), 1, line.size(), file_.get()) != line.size()) return write_error(name_);
    return {};
  }

  Result<void> close() {
    if (file_ != nullptr && std::fclose(file_.release()) != 0) return write_error(name_);
    return {};
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  explicit RejectsFile(std::string name) : name_(std::move(name)) {}
  std::string name_;
  std::unique_ptr<std::FILE, Close> file_;
};

class HistoryFiles {
 public:
  HistoryFiles(const HistoryFlags& flags, RejectsFile& rejects) : flags_(flags), rejects_(rejects) {}

  Result<void> read(const std::string& name) {
    TOCSIN_TRY(file, detect::UnpackedFile::open(name, {}, bytes_read_));
    TOCSIN_TRY(head, head_of(*file));
    auto reader = ingest::HistoryReader::create(head, flags_.source, options_);
    if (!reader) return located(reader.error(), name);
    ++reading.files;
    reader->feed(head);
    head.clear();
    for (;;) {
      TOCSIN_CHECK(take_chunks(name, *reader));
      TOCSIN_TRY(piece, file->next());
      if (piece.empty()) break;
      reader->feed(piece);
    }
    reader->finish();
    return take_chunks(name, *reader);
  }

  std::vector<eval::HistoryRow> rows;
  eval::HistoryReading reading;

 private:
  static Error located(Error why, const std::string& name) {
    why.where = name;
    return why;
  }

  static Result<std::string> head_of(detect::UnpackedFile& file) {
    std::string head;
    while (head.size() < ingest::kHeadBytes) {
      TOCSIN_TRY(piece, file.next());
      if (piece.empty()) break;
      head += piece;
    }
    return head;
  }

  Result<void> take_chunks(const std::string& name, ingest::HistoryReader& reader) {
    ingest::HistoryChunk chunk;
    while (reader.next(chunk)) {
      TOCSIN_CHECK(take(name, chunk));
    }
    return {};
  }

  Result<void> take(const std::string& name, ingest::HistoryChunk& chunk) {
    if (rows.size() + chunk.alerts.size() > kMostRows)
      return error(ErrorKind::kTooLarge, "read history",
                   "there are more than " + std::to_string(kMostRows) + " closed alerts",
                   "Leave the oldest ones out.", name);
    reading.items += chunk.items;
    reading.closed += chunk.alerts.size();
    reading.undecided += chunk.undecided;
    reading.rejections += chunk.rejections.size();
    for (const auto& closed : chunk.alerts) rows.push_back(eval::history_row_of(closed));
    for (const auto& [word, count] : chunk.unknown_verdicts) {
      auto& words = reading.unknown_verdicts;
      if (words.size() < eval::HistoryReading::kMaxWords || words.contains(word)) words[word] += count;
    }
    for (auto& rejection : chunk.rejections) {
      TOCSIN_CHECK(rejects_.write(name, rejection));
      if (reading.listed.size() == eval::HistoryReading::kMaxListed) continue;
      rejection.fragment.clear();
      reading.listed.push_back({name, std::move(rejection)});
    }
    return {};
  }

  const HistoryFlags& flags_;
  RejectsFile& rejects_;
  const ingest::Options options_{.now = SystemClock().now()};
  std::atomic<std::uint64_t> bytes_read_ = 0;
};

Result<std::string> report_of(const HistoryFlags& flags) {
  TOCSIN_TRY(rejects, RejectsFile::open(flags.rejects));
  HistoryFiles files(flags, rejects);
  for (const auto& file : flags.files) {
    TOCSIN_CHECK(files.read(file));
  }
  TOCSIN_CHECK(rejects.close());
  const auto report = eval::report_on(
      std::move(files.rows), {.bound = flags.bound, .minutes = flags.minutes, .questions = flags.questions});
  return flags.format == "text" ? history_text(report, files.reading)
                                : history_json(report, files.reading) + '\n';
}

}  // namespace

int evaluate_history(const HistoryFlags& given) {
  auto flags = given;
  if (flags.format.empty()) flags.format = isatty(STDOUT_FILENO) != 0 ? "text" : "json";
  const auto report = report_of(flags);
  if (!report) {
    std::fprintf(stderr, "tocsin evaluate history: %s\n", to_string(report.error()).c_str());
    return kBadUsage;
  }
  std::fputs(report->c_str(), stdout);
  return 0;
}

}  // namespace tocsin::app
