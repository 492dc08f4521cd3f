// Each thing is broken in turn, and the doctor names it and says what to do.

#include "app/doctor/doctor.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "store/sqlite/connection.h"
#include "store/sqlite/sqlite.h"
#include "store/test_support.h"

namespace tocsin::app::doctor {
namespace {

namespace fs = std::filesystem;
using store::test::append;
using store::test::make_batch;
using store::test::succeeded;
using store::test::value_of;

void write(const fs::path& file, const std::string& text, mode_t mode = 0600) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
  chmod(file.c_str(), mode);
}

class DoctorTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(data_);
    auto database = open();
    ASSERT_TRUE(append(tenant(*database).alerts(), make_batch(0, 20, clock_.now())));
    database->close();
    settings_.port = 0;  // any that is free
    settings_.max_connections = 64;
  }
  std::unique_ptr<store::Database> open() {
    store::SqliteOptions options;
    options.file = database_.string();
    options.clock = &clock_;
    return value_of(store::open_sqlite(options));
  }
  static store::TenantStore& tenant(store::Database& database) {
    return database.tenant(store::kDefaultTenant);
  }
  void run_sql(const char* sql) {
    auto db = value_of(store::SqliteConnection::open(database_.string(), {}));
    ASSERT_TRUE(succeeded(db->exec(sql)));
  }
  std::vector<Finding> look(bool thorough = false) {
    return examine({data_, database_, Result<config::Settings>(settings_),
                    store::inspect_sqlite(database_.string()), false, thorough, now_});
  }
  // Names of the checks that found a problem; every one of them says what to do.
  std::set<std::string> problems(const std::vector<Finding>& findings) {
    std::set<std::string> names;
    for (const auto& finding : findings) {
      if (finding.health != Health::kProblem) continue;
      EXPECT_FALSE(finding.hint.empty()) << finding.what;
      names.emplace(finding.check);
      told_ += finding.what + " | " + finding.hint + "\n";
    }
    return names;
  }
  void expect_only(const std::string& check, const std::string& words) {
    EXPECT_EQ(problems(look()), std::set<std::string>{check}) << told_;
    EXPECT_NE(told_.find(words), std::string::npos) << told_;
  }

  store::test::FakeClock clock_;
  store::test::TempDir dir_;
  const fs::path data_ = dir_.path() / "data";
  const fs::path database_ = data_ / "tocsin.db";
  config::Settings settings_;
  Timestamp now_ = *parse_time("2026-06-01T00:00:00Z");
  std::string told_;
};

// A certificate of our own that ends so many days from 2026-06-01.
void write_certificate(const fs::path& file, long days) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), &EVP_PKEY_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), &X509_free);
  time_t start = 1780272000;  // 2026-06-01
  X509_set_pubkey(certificate.get(), key.get());
  X509_time_adj_ex(X509_getm_notBefore(certificate.get()), -400, 0, &start);
  X509_time_adj_ex(X509_getm_notAfter(certificate.get()), static_cast<int>(days), 3600, &start);
  X509_sign(certificate.get(), key.get(), nullptr);
  const std::unique_ptr<FILE, decltype(&std::fclose)> out(std::fopen(file.c_str(), "wb"), &std::fclose);
  PEM_write_X509(out.get(), certificate.get());
}

TEST_F(DoctorTest, ASoundInstallationHasNoProblemAndEveryCheckSpeaks) {
  const auto findings = look(true);
  std::set<std::string_view> spoke;
  for (const auto& finding : findings) {
    if (finding.check == "console") continue;  // the test is built with or without it
    EXPECT_NE(finding.health, Health::kProblem) << finding.check << ": " << finding.what;
    spoke.insert(finding.check);
  }
  EXPECT_EQ(spoke.size() + 1, checks().size());
}

TEST_F(DoctorTest, SettingsThatCannotBeRead) {
  write(dir_.path() / "tocsin.toml", "[listen]\nprot = 8000\n");
  const auto broken = config::load(
      {}, [](auto) { return std::nullopt; }, {}, dir_.path() / "tocsin.toml");
  ASSERT_FALSE(broken);
  const auto found = problems(examine(
      {data_, database_, broken.error(), store::inspect_sqlite(database_.string()), false, false, now_}));
  EXPECT_TRUE(found.contains("settings"));
  EXPECT_NE(told_.find("prot"), std::string::npos) << told_;
}

TEST_F(DoctorTest, APortThatIsTaken) {
  const int other = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(other, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(other, 1), 0);
  getsockname(other, reinterpret_cast<sockaddr*>(&address), &size);
  settings_.port = ntohs(address.sin_port);
  expect_only("port", "cannot be listened on");
  close(other);
}

TEST_F(DoctorTest, TooFewOpenFiles) {
  settings_.max_connections = 4'000'000'000;
  expect_only("limits", "LimitNOFILE");
}

TEST_F(DoctorTest, AClockThatWentBack) {
  now_ = *parse_time("2026-01-03T00:00:00Z");  // the alerts are of the 4th
  expect_only("clock", "went back");
  told_.clear();
  now_ = *parse_time("1970-01-02T00:00:00Z");
  expect_only("clock", "set the clock");
}

TEST_F(DoctorTest, CertificatesThatEnd) {
  config::SyslogSettings listener;
  listener.certificate_file = dir_.file("cert.pem");
  listener.key_file = dir_.file("key.pem");
  write(listener.key_file, "key");
  settings_.syslog = {listener};
  write_certificate(listener.certificate_file, 100);
  EXPECT_EQ(problems(look()).count("certificates"), 0U) << told_;
  write_certificate(listener.certificate_file, 3);
  expect_only("certificates", "expires in 3 days");
  write_certificate(listener.certificate_file, -1);
  expect_only("certificates", "has expired");
  write(listener.certificate_file, "no certificate");
  expect_only("certificates", "holds no certificate");
  write_certificate(listener.certificate_file, 100);
  fs::remove(listener.key_file);
  expect_only("certificates", "key.pem cannot be read");
}

TEST_F(DoctorTest, ADataDirectoryThatIsNoneOrOpenToAll) {
  chmod(data_.c_str(), 0777);
  expect_only("data-directory", "chmod o-w");
  const auto elsewhere = dir_.path() / "nowhere";
  const auto found =
      problems(examine({elsewhere, elsewhere / "tocsin.db", Result<config::Settings>(settings_),
                        store::inspect_sqlite((elsewhere / "tocsin.db").string()), false, false, now_}));
  EXPECT_TRUE(found.contains("data-directory"));
}

TEST_F(DoctorTest, ARestoreThatWasCutOff) {
  fs::create_directories(data_.string() + ".restoring-a1b2c3");
  expect_only("leftovers", "data.restoring-a1b2c3");
}

TEST_F(DoctorTest, KeysThatOthersMayRead) {
  write(data_ / "signing_key.pem", "-----BEGIN PRIVATE KEY-----\nsecret-of-the-key\n", 0600);
  EXPECT_TRUE(problems(look()).empty()) << told_;
  chmod((data_ / "signing_key.pem").c_str(), 0644);
  expect_only("keys", "signing_key.pem");
  EXPECT_EQ(told_.find("secret-of-the-key"), std::string::npos);
}

TEST_F(DoctorTest, FilesOfFactsThatAreOldOrCannotBeRead) {
  const auto file = data_ / "enrichment/city.mmdb";
  write(file, "x");
  const timeval then{1767225600, 0};  // 2026-01-01
  const timeval times[2]{then, then};
  utimes(file.c_str(), times);
  expect_only("enrichment", "city.mmdb is 151 days old");
}

TEST_F(DoctorTest, AMappingAndAPlaybookThatAreLeftOut) {
  write(data_ / "mappings/acme.yaml", "source: acme\ntitel: name\n");
  expect_only("mappings", "acme.yaml");
  fs::remove_all(data_ / "mappings");
  told_.clear();
  settings_.playbooks_dir = dir_.file("playbooks");
  write(fs::path(settings_.playbooks_dir) / "a.yaml", "nothing: of use\n");
  expect_only("playbooks", "a.yaml");
}

TEST_F(DoctorTest, ADamagedDatabase) {
  std::fstream file(database_, std::ios::in | std::ios::out | std::ios::binary);
  const std::string junk(8192 * 3, '\x5A');
  file.seekp(8192 * 4);
  file << junk;
  file.close();
  EXPECT_TRUE(problems(look()).contains("database")) << told_;
  EXPECT_NE(told_.find("restore the last backup"), std::string::npos) << told_;
}

TEST_F(DoctorTest, AFileThatIsNoDatabase) {
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(database_.string() + suffix);
  write(database_, std::string(9000, 'x'));
  EXPECT_EQ(problems(look()), std::set<std::string>{"database"}) << told_;
}

TEST_F(DoctorTest, ASchemaOfALaterReleaseOrOfSomebodyElse) {
  run_sql("PRAGMA user_version=999");
  expect_only("schema", "a newer release wrote it");
  told_.clear();
  run_sql(("PRAGMA user_version=" + std::to_string(store::newest_schema())).c_str());
  run_sql("ALTER TABLE notes ADD COLUMN by_hand TEXT");
  expect_only("schema", "notes.by_hand is not ours");
  told_.clear();
  run_sql("DROP TABLE feedback");
  expect_only("schema", "feedback.body is missing");
}

TEST_F(DoctorTest, AJournalOfAnotherDatabase) {
  {
    auto database = open();  // goes on, so that its journal is ahead of an older copy
    ASSERT_TRUE(append(tenant(*database).alerts(), make_batch(100, 5, clock_.now())));
    database->close();
  }
  run_sql("UPDATE watermarks SET seq = seq - 1 WHERE name = 'journal'");  // as after a crash
  EXPECT_TRUE(problems(look()).empty()) << told_;
  EXPECT_EQ(value_of(store::inspect_sqlite(database_.string())).journal, store::JournalState::kWaiting);
  run_sql("UPDATE watermarks SET seq = 0 WHERE name = 'journal'");
  expect_only("journal", "does not belong to this database");
}

TEST_F(DoctorTest, DeadLettersAndDeadJobs) {
  {
    auto database = open();
    store::DeadLetter letter;
    letter.id = DeadLetterId::make(clock_.now());
    ASSERT_TRUE(succeeded(tenant(*database).dead_letters().put({letter})));
    database->close();
  }
  expect_only("dead-letters", "1 deliveries could not be read");
  told_.clear();
  run_sql("UPDATE dead_letters SET resolved = 1");
  {
    auto database = open();
    store::Job job;
    job.kind = "retention.sweep";
    job.max_attempts = 1;
    const auto id = value_of(tenant(*database).jobs().enqueue(job));
    const std::vector<std::string> kinds{"retention.sweep"};
    ASSERT_TRUE(tenant(*database).jobs().lease(kinds, 1, std::chrono::seconds(5)));
    ASSERT_TRUE(succeeded(tenant(*database).jobs().fail(id, "broken")));
    database->close();
  }
  expect_only("jobs", "1 jobs failed for good");
}

}  // namespace
}  // namespace tocsin::app::doctor
