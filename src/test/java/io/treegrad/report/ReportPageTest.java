package io.treegrad.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.treegrad.network.Activation;
import io.treegrad.training.MetricValues;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static JsonNode dataOf(String html) throws Exception {
        String start = "<script type=\"application/json\" id=\"data\">";
        int from = html.indexOf(start) + start.length();
        return new ObjectMapper().readTree(html.substring(from, html.indexOf("</script>", from)));
    }

    @Test
    void theSameRunGivesTheSamePageInEveryLocale() {
        String page = ReportPage.html(TrainedRun.report(8, Activation.RELU, 2, 300, 100));
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertEquals(page, ReportPage.html(TrainedRun.report(8, Activation.RELU, 2, 300, 100)));
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aPictureLiesWhereItsNumberSays() throws Exception {
        Report report = TrainedRun.report(8, Activation.RELU, 1, 300, 100);
        JsonNode data = dataOf(ReportPage.html(report));
        String url = data.at("/sheet/url").asText();
        BufferedImage sheet = ImageIO.read(
                new ByteArrayInputStream(Base64.getDecoder().decode(url.substring("data:image/png;base64,".length()))));
        int columns = data.at("/sheet/columns").asInt();
        JsonNode shown = data.at("/gallery/random");
        for (int i = 0; i < shown.size(); i++) {
            int place = shown.get(i).get("picture").asInt();
            byte[] pixels = (byte[])
                    sheet.getRaster().getDataElements(place % columns * 28, place / columns * 28, 28, 28, null);
            assertTrue(Arrays.equals(report.gallery().random().get(i).pixels(), pixels), "picture " + i);
        }
    }

    @Test
    void thousandsOfEpochsAreThinnedButForTheLast() {
        List<Report.Epoch> epochs = LongStream.rangeClosed(1, 10_000)
                .mapToObj(epoch -> new Report.Epoch(epoch, MetricValues.ofTraining(1.0 / epoch, 0.5), null))
                .toList();
        ObjectNode columns = PageData.epochs(epochs, PageData.metricsOf(epochs));
        assertEquals(2000, columns.get("epoch").size());
        assertEquals(5, columns.at("/epoch/0").asInt());
        assertEquals(10_000, columns.at("/epoch/1999").asInt());
        assertEquals(1e-4, columns.at("/train/loss/1999").asDouble());
        assertTrue(columns.at("/validation/loss/1999").isNull());
    }
}
