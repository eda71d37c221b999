package jp.shirushi.interop;

import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import java.util.logging.LogManager;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Judges each PDF that is named by the flavour of PDF/A that it claims.
 *
 * <p>Answers one line each: the flavour, "true" or "false", and the rules that are not met, separated by tabs; or "error"
 * and what was said.
 */
public final class PdfaJudge {

    private PdfaJudge() {}

    public static void main(String[] paths) {
        LogManager.getLogManager().reset();
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        VeraGreenfieldFoundryProvider.initialise();
        for (String path : paths) {
            try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(path))) {
                PDFAValidator validator = Foundries.defaultInstance().createValidator(parser.getFlavour(), false);
                ValidationResult result = validator.validate(parser);
                var unmet = new TreeSet<String>();
                for (TestAssertion assertion : result.getTestAssertions()) {
                    if (assertion.getStatus() == TestAssertion.Status.FAILED) {
                        unmet.add(assertion.getRuleId().getClause() + "-" + assertion.getRuleId().getTestNumber());
                    }
                }
                answers.println(parser.getFlavour().getId() + "\t" + result.isCompliant() + "\t" + String.join(" ", unmet));
            } catch (Exception refusal) {
                answers.println("error\tfalse\t" + String.valueOf(refusal.getMessage()).replaceAll("\\s+", " "));
            }
        }
    }
}
