// Prints one line, `N passed, N failed, N skipped`, over the JSON test reports named as arguments, and before it how many of those
// passed rest on our own idea of BigQuery. Exits non-zero when a report is missing, when a test or a whole file failed, when a
// test was skipped, or when there was no test at all.
import { readFile } from 'node:fs/promises';

const OUR_IDEA = 'our-idea-of-bigquery';

const sum = { passed: 0, failed: 0, skipped: 0, ourIdea: 0 };
let whole = true;
for (const path of process.argv.slice(2)) {
  try {
    const report = JSON.parse(await readFile(path, 'utf8'));
    sum.passed += report.numPassedTests;
    // A file that cannot be loaded has no tests that could fail.
    const brokenFiles = report.testResults.filter(
      (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
        file.status === 'failed' && file.assertionResults.length === 0,
    ).length;
    sum.failed += report.numFailedTests + brokenFiles;
    sum.ourIdea += report.testResults
      .flatMap((/** @type {{ assertionResults: Assertion[] }} */ file) => file.assertionResults)
      .filter((/** @type {Assertion} */ { status, tags }) => status === 'passed' && tags?.includes(OUR_IDEA)).length;
    sum.skipped += report.numPendingTests + report.numTodoTests;
    whole &&= report.success;
  } catch (error) {
    whole = false;
    console.log(`${path} is not a test report: ${error instanceof Error ? error.message : String(error)}`);
  }
}
console.log(`${sum.ourIdea} of those that passed rest on our own idea of BigQuery`);
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
if (!whole || sum.failed > 0 || sum.skipped > 0 || sum.passed === 0) process.exitCode = 1;

/** @typedef {{ status: string, tags?: string[] }} Assertion */
