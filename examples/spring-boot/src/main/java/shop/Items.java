package shop;

import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class Items {
    @GetMapping("/items")
    public List<String> all() {
        return List.of("apple", "pear");
    }

    @GetMapping("/items/{name}")
    public Map<String, String> one(@PathVariable("name") String name) {
        return Map.of("name", name);
    }
}
