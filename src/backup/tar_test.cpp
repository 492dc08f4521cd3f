// The archive's form: what is written is read back, tar itself reads it, and nothing leads out of the folder.

#include "backup/tar.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

#include "base/testing/temp_dir.h"

namespace tocsin::backup {
namespace {

struct Read {
  std::vector<std::pair<TarEntry, std::string>> entries;
  std::optional<Error> error;
};

Source source_of(const std::string& bytes) {
  return [&bytes, at = std::size_t{0}](char* to, std::size_t size) mutable -> Result<std::size_t> {
    const auto got = std::min(size, bytes.size() - at);
    std::copy_n(bytes.data() + at, got, to);
    at += got;
    return got;
  };
}

Read read_all(const std::string& bytes) {
  Read read;
  TarReader tar(source_of(bytes));
  for (TarEntry entry;;) {
    const auto more = tar.next(entry);
    if (!more) return read.error = more.error(), read;
    if (!*more) return read;
    std::string body(entry.bytes, '\0');
    for (std::size_t at = 0; at < body.size();) {
      const auto got = tar.read(body.data() + at, body.size() - at);
      if (!got) return read.error = got.error(), read;
      at += *got;
    }
    read.entries.emplace_back(entry, body);
  }
}

std::string archive(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string bytes;
  TarWriter tar([&](std::string_view piece) {
    bytes += piece;
    return Result<void>();
  });
  for (const auto& [name, body] : files) {
    EXPECT_TRUE(tar.begin({name, body.size(), 0640}));
    EXPECT_TRUE(tar.write(body));
    EXPECT_TRUE(tar.end());
  }
  EXPECT_TRUE(tar.finish());
  return bytes;
}

// A header as a hostile archive may have it: right sum, any name and type.
std::string entry(std::string_view name, char type, std::string_view body = "x", std::string_view link = "") {
  std::string block(512, '\0');
  std::copy_n(name.begin(), std::min<std::size_t>(name.size(), 100), block.begin());
  std::memcpy(block.data() + 100, "0000644", 7);
  std::snprintf(block.data() + 124, 12, "%011zo", body.size());
  block[156] = type;
  std::copy(link.begin(), link.end(), block.begin() + 157);
  std::memcpy(block.data() + 257, "ustar\00000", 8);
  unsigned sum = 8 * ' ';
  for (const char c : block) sum += static_cast<unsigned char>(c);
  std::snprintf(block.data() + 148, 8, "%06o", sum);
  block[155] = ' ';
  block += body;
  block.resize(block.size() + (512 - body.size() % 512) % 512, '\0');
  return block;
}

const std::string kEnd(1024, '\0');

TEST(Tar, WhatIsWrittenIsReadBack) {
  const std::vector<std::pair<std::string, std::string>> files{
      {"tocsin.db", std::string(5000, 'p')},
      {"uploads/empty", ""},
      {"mappings/" + std::string(200, 'm') + "/größe.yaml", std::string(512, 'q')},
      {"last", "z"}};
  const auto read = read_all(archive(files));
  ASSERT_FALSE(read.error) << to_string(*read.error);
  ASSERT_EQ(read.entries.size(), files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    EXPECT_EQ(read.entries[i].first.name, files[i].first);
    EXPECT_EQ(read.entries[i].first.mode, 0640U);
    EXPECT_EQ(read.entries[i].second, files[i].second);
  }
}

TEST(Tar, TheOrdinaryToolReadsIt) {
  const test::TempDir dir;
  const std::string long_name = "mappings/" + std::string(180, 'm') + ".yaml";
  std::ofstream(dir.file("a.tar"), std::ios::binary) << archive({{"b", "beta"}, {long_name, "gamma"}});
  const auto command = "cd " + dir.path().string() + " && tar -xf a.tar 2>/dev/null";
  if (std::system("tar --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "no tar here";
  ASSERT_EQ(std::system(command.c_str()), 0);
  std::string text;
  std::ifstream(dir.file(long_name)) >> text;
  EXPECT_EQ(text, "gamma");
}

TEST(Tar, AnEntryBeyondEightGibibytesKeepsItsSize) {
  std::string bytes;
  TarWriter tar([&](std::string_view piece) {
    bytes += piece;
    return Result<void>();
  });
  constexpr std::uint64_t kSize = std::uint64_t{9} << 30;
  ASSERT_TRUE(tar.begin({"large", kSize, 0600}));
  TarReader reader(source_of(bytes));
  TarEntry found;
  const auto more = reader.next(found);
  ASSERT_TRUE(more) << to_string(more.error());
  EXPECT_EQ(found.bytes, kSize);
}

TEST(Tar, NamesThatLeadOutAreRefused) {
  const std::vector<std::string> names{"/etc/passwd",
                                       "../a",
                                       "a/../../b",
                                       "a/..",
                                       "..",
                                       ".",
                                       "./a",
                                       "a/./b",
                                       "a//b",
                                       "a/",
                                       "",
                                       "/",
                                       "//a",
                                       "..\\a",
                                       "a\\..\\b",
                                       "C:\\a",
                                       std::string("a\0b", 3),
                                       "a\nb",
                                       "a\x7f",
                                       "\x1b[2J",
                                       std::string(1001, 'a')};
  for (const auto& name : names) EXPECT_FALSE(check_name(name)) << name;
  for (const char* name : {"a", "a/b", "..a", "a..b", "a/.hidden", "größe", "...", "a b"})
    EXPECT_TRUE(check_name(name)) << name;
}

TEST(Tar, HostileEntriesAreRefused) {
  std::vector<std::string> names{"/etc/cron.d/x", "../../x", "a/../../x", "./x", "a//x", "x\\..\\y", "x\ny"};
  for (int up = 1; up <= 20; ++up) {
    std::string name;
    for (int i = 0; i < up; ++i) name += "../";
    names.push_back(name + "etc/shadow");
    names.push_back("uploads/" + name + "x");
    names.push_back("/" + name);
  }
  for (const auto& name : names) {
    const auto read = read_all(entry(name, '0') + kEnd);
    ASSERT_TRUE(read.error) << name;
    EXPECT_TRUE(read.entries.empty());
    const auto pax = " path=" + name + "\n";  // the same by a long name
    const auto record = std::to_string(pax.size() + 2) + pax;
    EXPECT_TRUE(read_all(entry("p", 'x', record) + entry("ok", '0') + kEnd).error) << name;
  }
  const std::string nul("good\0/../../evil", 16);
  EXPECT_TRUE(read_all(entry(nul, '0') + kEnd).error);
}

TEST(Tar, OnlyRegularFilesAreRead) {
  for (const char type : {'1', '2', '3', '4', '5', '6', '7', 'g', 'L', 'K', 'S', '\0', 'z'}) {
    const auto read = read_all(entry("a", type, type == '2' ? "" : "x", "/etc/passwd") + kEnd);
    EXPECT_TRUE(read.error) << type;
    EXPECT_TRUE(read.entries.empty());
  }
  EXPECT_FALSE(read_all(entry("a", '0') + kEnd).error);
}

TEST(Tar, WhatStandsBehindTheEndOrIsMissingIsRefused) {
  const auto whole = archive({{"a", std::string(700, 'a')}});
  EXPECT_FALSE(read_all(whole).error);
  EXPECT_TRUE(read_all(whole + "x").error);
  for (std::size_t size = 0; size < whole.size(); size += 100)
    EXPECT_TRUE(read_all(whole.substr(0, size)).error) << size;
}

TEST(Tar, ALongNameIsBounded) {
  EXPECT_TRUE(read_all(entry("p", 'x', std::string(100'000, 'a')) + entry("a", '0') + kEnd).error);
  EXPECT_TRUE(read_all(entry("p", 'x', "30 linkpath=/etc/passwd\n") + entry("a", '0') + kEnd).error);
}

}  // namespace
}  // namespace tocsin::backup
