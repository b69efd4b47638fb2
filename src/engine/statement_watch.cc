// The watch of the calling thread, and what an interrupt does to the statements it knows.
#include "engine/statement_watch.h"

#include <utility>

#include "engine/fair_scheduler.h"
#include "engine/statement.h"

namespace firesteel::engine {

namespace {

std::shared_ptr<StatementWatch>& ThisThreads() {
  static thread_local std::shared_ptr<StatementWatch> current;
  return current;
}

}  // namespace

StatementWatch::Scope::Scope(std::shared_ptr<StatementWatch> watch)
    : before_(std::exchange(ThisThreads(), std::move(watch))) {}

StatementWatch::Scope::~Scope() { ThisThreads() = std::move(before_); }

std::shared_ptr<StatementWatch> StatementWatch::Current() { return ThisThreads(); }

void StatementWatch::Interrupt() {
  std::lock_guard lock(mutex_);
  interrupted_ = true;
  for (Statement* statement : statements_) statement->Interrupt();
}

bool StatementWatch::interrupted() const {
  std::lock_guard lock(mutex_);
  return interrupted_;
}

double StatementWatch::Progress() const {
  std::lock_guard lock(mutex_);
  return statements_.empty() ? -1 : statements_.back()->Progress();
}

void StatementWatch::SetPool(std::string pool) {
  std::lock_guard lock(mutex_);
  pool_ = std::move(pool);
}

std::shared_ptr<FairJob> StatementWatch::Job() {
  std::lock_guard lock(mutex_);
  if (job_ == nullptr) job_ = FairScheduler::Get()->NewJob(pool_);
  return job_;
}

void StatementWatch::Add(Statement* statement) {
  std::lock_guard lock(mutex_);
  statements_.push_back(statement);
  if (interrupted_) statement->Interrupt();
}

void StatementWatch::Remove(const Statement* statement) {
  std::lock_guard lock(mutex_);
  std::erase(statements_, statement);
}

}  // namespace firesteel::engine
